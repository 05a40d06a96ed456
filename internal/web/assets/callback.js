// Finishes a login: hands what Twitter put into the query to the server, and
// shows and keeps the access key that comes back.
'use strict';

(() => {
  const el = (id) => document.getElementById(id);
  const query = new URLSearchParams(location.search);
  // The token serves once and has no place in the history or in bookmarks.
  history.replaceState(null, '', location.pathname);

  function tell(title, message, className) {
    el('title').textContent = title;
    el('message').textContent = message;
    el('message').className = className;
    document.title = `${title} · Made In Latino`;
  }

  function post(body) {
    return fetch('/users/twitter/login/', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      credentials: 'omit',
      body: JSON.stringify(body),
    });
  }

  function reason(result, status) {
    if (result && typeof result.detail === 'string') return result.detail;
    if (result && typeof result === 'object') {
      const texts = Object.entries(result).map(([field, problems]) => `${field}: ${[].concat(problems).join(' ')}`);
      if (texts.length > 0) return texts.join(' ');
    }
    return `The server answered ${status}.`;
  }

  function welcome(key) {
    el('key').value = key;
    el('key-box').hidden = false;
    el('next').hidden = false;
    tell('You are logged in', 'The server knows you now.', 'good');
    try {
      localStorage.setItem('madeinlatino.key', key);
    } catch { /* storage is off: the key can still be copied */ }
  }

  async function copy() {
    el('key').select();
    try {
      await navigator.clipboard.writeText(el('key').value);
      el('copy').textContent = 'Copied';
    } catch { // not on https or loopback: the field is selected, so Ctrl+C does it
      el('copy').textContent = 'Press Ctrl+C';
    }
  }

  async function finish() {
    const denied = query.get('denied');
    if (denied) {
      tell('You are not logged in', 'You declined at Twitter, and nothing was stored. You can try again any time.', '');
      await post({ denied }).catch(() => {}); // lets the server forget the attempt
      return;
    }
    const token = query.get('oauth_token');
    const verifier = query.get('oauth_verifier');
    if (!token || !verifier) {
      tell('Nothing to finish', 'This page opens after a login at Twitter. Start one on the front page.', '');
      return;
    }
    try {
      const answer = await post({ access_token: token, token_secret: verifier });
      const result = await answer.json().catch(() => null);
      if (!answer.ok || !result || !result.key) throw new Error(reason(result, answer.status));
      welcome(result.key);
    } catch (fault) {
      const message = fault instanceof TypeError ? 'The server cannot be reached right now.' : fault.message;
      tell('That did not work', `${message} Start again on the front page.`, 'error');
    }
  }

  el('copy').addEventListener('click', copy);
  finish();
})();
