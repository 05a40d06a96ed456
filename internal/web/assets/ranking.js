// Shows the first ten of the global ranking and keeps the table up to date.
'use strict';

(() => {
  const pause = 4000; // milliseconds between two looks
  const query = `{ globalRanking { entries(first: 10) { nodes { rank score user { twitterUserName } } } } }`;
  const body = document.querySelector('#ranking tbody');
  const status = document.getElementById('ranking-status');
  const usual = status.textContent;
  let shown = '';

  function cell(text, className) {
    const td = document.createElement('td');
    td.textContent = text;
    if (className) td.className = className;
    return td;
  }

  function show(nodes) {
    const now = JSON.stringify(nodes);
    if (now === shown) return; // nothing moved: leave the reader's selection alone
    shown = now;
    if (nodes.length === 0) {
      const td = cell('Nobody has earned points yet.');
      td.colSpan = 3;
      const row = document.createElement('tr');
      row.append(td);
      body.replaceChildren(row);
      return;
    }
    body.replaceChildren(...nodes.map((entry) => {
      const row = document.createElement('tr');
      const name = entry.user && entry.user.twitterUserName;
      row.append(
        cell(String(entry.rank), 'number'),
        cell(name ? '@' + name : 'a fan without a known name'),
        cell(entry.score.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 2 }), 'number'),
      );
      return row;
    }));
  }

  async function look() {
    try {
      const answer = await fetch('/graphql', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        credentials: 'omit',
        body: JSON.stringify({ query }),
      });
      const result = await answer.json();
      if (!result.data || !result.data.globalRanking) throw new Error('no data');
      show(result.data.globalRanking.entries.nodes);
      status.textContent = usual;
    } catch {
      status.textContent = 'The ranking cannot be read right now; trying again.';
    }
  }

  async function watch() {
    if (!document.hidden) await look();
    setTimeout(watch, pause);
  }

  document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
  watch();
})();
