// The playground: two editors, a key, and what the server answers.
'use strict';

(() => {
  const el = (id) => document.getElementById(id);
  const keep = {
    get: (name) => { try { return localStorage.getItem('madeinlatino.' + name) || ''; } catch { return ''; } },
    set: (name, value) => {
      try {
        if (value) localStorage.setItem('madeinlatino.' + name, value);
        else localStorage.removeItem('madeinlatino.' + name);
      } catch { /* storage is off: everything works but is forgotten */ }
    },
  };

  function load(example) {
    el('query').value = example.query;
    el('variables').value = example.variables ? JSON.stringify(example.variables, null, 2) : '';
    save();
  }

  function save() {
    keep.set('query', el('query').value);
    keep.set('variables', el('variables').value);
  }

  function tell(text, className) {
    el('status').textContent = text;
    el('status').className = className || '';
  }

  function variables() {
    const text = el('variables').value.trim();
    if (!text) return undefined;
    const value = JSON.parse(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new SyntaxError('not an object');
    return value;
  }

  function headers() {
    const all = { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json, application/json;q=0.9' };
    const key = el('token').value.trim();
    if (key) all.Authorization = 'Token ' + key;
    return all;
  }

  async function run() {
    if (el('run').disabled) return;
    let body;
    try {
      body = JSON.stringify({ query: el('query').value, variables: variables() });
    } catch (fault) {
      tell('The variables are not a JSON object: ' + fault.message, 'error');
      el('variables').focus();
      return;
    }
    el('run').disabled = true;
    tell('Running…');
    const start = performance.now();
    try {
      const answer = await fetch('/graphql', { method: 'POST', headers: headers(), body });
      const text = await answer.text();
      const took = Math.round(performance.now() - start);
      show(text);
      tell(`${answer.status} ${answer.statusText} in ${took} ms`, answer.ok ? '' : 'error');
    } catch {
      tell('The server cannot be reached.', 'error');
    } finally {
      el('run').disabled = false;
    }
  }

  function show(text) {
    try {
      el('result').textContent = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      el('result').textContent = text;
    }
  }

  function onKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      event.preventDefault();
      run();
    }
  }

  for (const example of examples) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = example.name;
    button.addEventListener('click', () => load(example));
    el('examples').append(button);
  }
  el('token').value = keep.get('key');
  el('token').addEventListener('input', () => keep.set('key', el('token').value.trim()));
  el('token-clear').addEventListener('click', () => { el('token').value = ''; keep.set('key', ''); });
  el('token-show').addEventListener('click', () => {
    const hidden = el('token').type === 'password';
    el('token').type = hidden ? 'text' : 'password';
    el('token-show').textContent = hidden ? 'Hide' : 'Show';
    el('token-show').setAttribute('aria-pressed', String(hidden));
  });
  if (keep.get('query')) {
    el('query').value = keep.get('query');
    el('variables').value = keep.get('variables');
  } else {
    load(examples[0]);
  }
  el('query').addEventListener('input', save);
  el('variables').addEventListener('input', save);
  el('run').addEventListener('click', run);
  document.addEventListener('keydown', onKey);
})();
