// Starts a login: asks the server where Twitter's login page is and goes there.
'use strict';

(() => {
  const button = document.getElementById('login');
  const status = document.getElementById('login-status');

  button.addEventListener('click', async () => {
    button.disabled = true;
    status.className = '';
    status.textContent = 'Asking for the login page…';
    try {
      const answer = await fetch('/users/auth-url/', { headers: { Accept: 'application/json' } });
      const result = await answer.json();
      if (!answer.ok || !result.redirect_url) throw new Error(result.detail || `The server answered ${answer.status}.`);
      location.assign(result.redirect_url);
    } catch (fault) {
      status.className = 'error';
      status.textContent = fault instanceof SyntaxError || fault instanceof TypeError
        ? 'The server cannot be reached right now.' : fault.message;
    } finally {
      button.disabled = false;
    }
  });
})();
