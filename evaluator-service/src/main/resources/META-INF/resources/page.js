'use strict';
// Without this script both pictures stand side by side and the page reloads itself.

function overlay() {
  for (const compare of document.querySelectorAll('.compare:not(.overlaid)')) {
    const slider = compare.querySelector('input');
    compare.classList.add('overlaid');
    slider.hidden = false;
    const show = () => compare.style.setProperty('--cut', slider.value + '%');
    slider.addEventListener('input', show);
    show();
  }
}

overlay();

const live = document.getElementById('live');
const said = document.getElementById('said');

// Shows pictures and parameters that came since the page was loaded.
async function fill() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
  document.getElementById('body').replaceChildren(...page.getElementById('body').childNodes);
  overlay();
}

// Reads a changing run again, and tells a screen reader when it comes to another stage, not at every step.
async function look() {
  if (!document.hidden) {
    try {
      const answer = await fetch(live.dataset.source + '?revision=' + live.dataset.revision);
      if (answer.status === 404 || answer.headers.get('Final') === 'true') {
        location.reload();
        return;
      }
      if (answer.status === 200) {
        const before = live.querySelector('[data-status]').textContent;
        live.innerHTML = await answer.text();
        const now = live.querySelector('[data-status]').textContent;
        if (now !== before) {
          said.textContent = now;
        }
        if (answer.headers.get('Parts') !== live.dataset.parts) {
          await fill();
          live.dataset.parts = answer.headers.get('Parts');
        }
        live.dataset.revision = answer.headers.get('Revision');
      }
    } catch (away) {
      // The next look may find the service again.
    }
  }
  setTimeout(look, 1500);
}

if (live && live.dataset.live === 'true') {
  setTimeout(look, 1500);
}
