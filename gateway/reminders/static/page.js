// The page in the home: asks its gateway each second what to show, and shows one thing at a time.
// Everything is written as text, never as markup.

import { fitAll } from './fit.js';
import { hush, say } from './sound.js';

const ASK_EVERY_MS = 1000;
const ANSWER_WITHIN_MS = 9000;
const QUIET_MS = 15000; // so long without an answer before somebody is bothered with it
const OWN_SCREEN_MS = 60000; // a question that we ask ourselves goes away by itself
const TROUBLE_MS = 30000; // so long a press that failed is told, however well all goes afterwards
const ASK_AGAIN_MS = 120000; // whoever was in the next room hears the question the next time
const VOICE_WITHIN_MS = 5000; // a sentence that is new to the gateway is spoken by then, or not at all

const part = (id) => document.getElementById(id);
const SCREENS = ['idle', 'reminder', 'ask', 'sure', 'helping', 'pausing'];
let state = null;
let own = null; // a screen that a touch on the idle screen opened
let ownTimer = 0;
let said = ''; // what was heard last
let waits = { mark: '', since: 0 };
let asked = { id: '', at: 0 };
let heardAt = Date.now();
let pressFailed = { text: '', until: 0 };
let madeOf = ''; // a mark of the page's own files
let busy = false;

function write(id, text) {
  if (part(id).textContent !== text) part(id).textContent = text;
}

function lines(list, items) {
  const texts = items.map((one) => `${one.at}  ${one.text}`);
  if ([...list.children].map((one) => one.textContent).join('\n') === texts.join('\n')) return;
  list.replaceChildren(...texts.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
}

function open(screen) {
  own = screen;
  clearTimeout(ownTimer);
  if (screen) ownTimer = setTimeout(() => open(null), OWN_SCREEN_MS);
  draw();
}

function draw() {
  if (!state) return;
  if (state.screen !== 'idle') own = null;
  const now = { help: 'helping' }[state.screen] ?? (own || state.screen);
  document.body.classList.toggle('dark', state.dark);
  for (const name of SCREENS) part(name).hidden = name !== now;
  drawIdle();
  drawReminder();
  write('helping-text', state.help?.title ?? '');
  write('helping-more', state.help?.more ?? '');
  fitAll();
  speak();
}

function drawIdle() {
  write('day', state.day);
  write('part', state.part);
  write('clock', state.clock);
  part('clock').hidden = false;
  write('date', state.date);
  lines(part('coming'), state.coming);
  part('coming-box').hidden = !state.coming.length;
  write('next', state.next ? `${state.next.at}  ${state.next.text}` : '');
  part('next-box').hidden = !state.next;
  part('paused').hidden = !state.paused_until;
  write('paused', state.paused_until ? `Monitoring is paused until ${state.paused_until}.` : '');
  part('cut').hidden = !state.cut;
  part('plan').hidden = !(state.coming.length || state.next || state.paused_until || state.cut);
  part('want-pause').hidden = Boolean(state.paused_until);
  part('resume').hidden = !state.paused_until;
}

function drawReminder() {
  const reminder = state.reminder;
  if (!reminder) return;
  write('reminder-text', reminder.text);
  const picture = part('picture');
  const address = reminder.picture ? `/asset/${reminder.picture}` : '';
  if (picture.getAttribute('src') !== address) {
    part('picture-box').hidden = true;
    if (address) picture.src = address;
    else picture.removeAttribute('src');
  }
  part('more').hidden = reminder.more < 1;
  write('more', reminder.more > 0 ? 'Then there is one more thing.' : '');
}

// What is to be heard: once a showing, and once a question or what came of a call.
function speak() {
  const { mark, own_sound, text } = toSay();
  if (mark === said) return;
  if (!mark) {
    said = '';
    hush();
    return;
  }
  if (waits.mark !== mark) waits = { mark, since: Date.now() };
  const spoken = state.spoken[text];
  if (!own_sound && !spoken && state.voice && Date.now() - waits.since < VOICE_WITHIN_MS) return;
  said = mark;
  say([own_sound && `/asset/${own_sound}`, spoken && `/spoken/${spoken}`].filter(Boolean));
}

function toSay() {
  if (state.screen === 'reminder') {
    const { key, showing, sound, text } = state.reminder;
    return { mark: `${key} ${showing}`, own_sound: sound, text };
  }
  if (state.screen === 'ask') {
    if (asked.id !== state.ask.id) asked = { id: state.ask.id, at: Date.now() };
    const times = Math.floor((Date.now() - asked.at) / ASK_AGAIN_MS);
    return { mark: `${asked.id} ${times}`, text: 'Are you all right?' };
  }
  if (state.screen === 'help') {
    const text = `${state.help.title}. ${state.help.more}`;
    return { mark: text, text };
  }
  return { mark: '' };
}

async function press(what, key = '') {
  if (busy) return;
  busy = true;
  disable(true);
  try {
    const answer = await fetch('/press', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hearthlight': 'page' },
      body: JSON.stringify({ what, key }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    own = null;
    await look();
    pressFailed.until = 0;
  } catch {
    const text = what === 'help'
      ? 'That did not work. Please use the telephone. If you are in danger, call 999.'
      : 'That did not work. Please try once more.';
    pressFailed = { text, until: Date.now() + TROUBLE_MS };
  } finally {
    busy = false;
    disable(false);
    drawTrouble();
  }
}

function disable(yes) {
  for (const button of document.querySelectorAll('main button')) button.disabled = yes;
}

function drawTrouble() {
  const isQuiet = Date.now() - heardAt > QUIET_MS;
  let text = isQuiet ? 'This page cannot reach its box at the moment. If you need help, use the telephone.' : '';
  if (Date.now() < pressFailed.until) text = pressFailed.text;
  part('trouble').hidden = !text;
  write('trouble', text);
  if (isQuiet) part('clock').hidden = true; // a clock that stands still is worse than none
  fitAll();
}

async function look() {
  const answer = await fetch('/state', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = await answer.json();
  heardAt = Date.now();
  if (!found.screen) return;
  state = found;
  draw();
  await renew(answer.headers.get('x-hearthlight-page'));
}

// After an update of the gateway nobody is there to load the page anew.
async function renew(mark) {
  madeOf ||= mark;
  if (madeOf === mark || state.screen !== 'idle' || own) return;
  const there = await fetch('/', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (there.ok) location.reload();
}

async function watch() {
  try {
    if (!busy) await look();
  } catch {
    // Told by drawTrouble, if it lasts.
  }
  drawTrouble();
  setTimeout(watch, ASK_EVERY_MS);
}

part('picture').addEventListener('load', () => {
  part('picture-box').hidden = false;
  fitAll();
});
window.addEventListener('resize', fitAll);
part('done').addEventListener('click', () => press('done', state.reminder.key));
part('later').addEventListener('click', () => press('later', state.reminder.key));
part('help').addEventListener('click', () => press('help', state.reminder.key));
part('fine').addEventListener('click', () => press('fine', state.ask.id));
part('ask-help').addEventListener('click', () => press('help'));
part('sure-yes').addEventListener('click', () => press('help'));
part('sure-no').addEventListener('click', () => open(null));
part('want-help').addEventListener('click', () => open('sure'));
part('want-pause').addEventListener('click', () => open('pausing'));
part('pause-no').addEventListener('click', () => open(null));
part('resume').addEventListener('click', () => press('resume'));
part('close-help').addEventListener('click', () => press('close_help'));
part('fine-after-all').addEventListener('click', () => press('fine_after_all'));
for (const button of document.querySelectorAll('[data-pause]')) {
  button.addEventListener('click', () => press('pause', button.dataset.pause));
}

watch();
