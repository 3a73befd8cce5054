// The page in the home: asks its gateway each second what to show, and shows one thing at a time.
// Everything is written as text, never as markup.

const ASK_EVERY_MS = 1000;
const ANSWER_WITHIN_MS = 9000;
const QUIET_MS = 15000; // so long without an answer before somebody is bothered with it
const OWN_SCREEN_MS = 60000; // a question that we ask ourselves goes away by itself

const part = (id) => document.getElementById(id);
const SCREENS = ['idle', 'reminder', 'ask', 'sure', 'helping', 'pausing'];
const sound = new Audio();
let state = null;
let own = null; // a screen that a touch on the idle screen opened
let ownTimer = 0;
let played = '';
let wants = ''; // a sound that the browser would not play
let heardAt = Date.now();
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
  for (const name of SCREENS) part(name).hidden = name !== now;
  drawIdle();
  drawReminder();
  drawHelp();
  speak();
}

function drawIdle() {
  write('day', state.day);
  write('part', state.part);
  write('clock', state.clock);
  write('date', state.date);
  lines(part('coming'), state.coming);
  part('coming-box').hidden = !state.coming.length;
  write('next', state.next ? `${state.next.at}  ${state.next.text}` : '');
  part('next-box').hidden = !state.next;
  part('paused').hidden = !state.paused_until;
  write('paused', state.paused_until ? `Monitoring is paused until ${state.paused_until}.` : '');
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
    picture.hidden = true;
    if (address) picture.src = address;
    else picture.removeAttribute('src');
  }
  part('more').hidden = reminder.more < 1;
  write('more', reminder.more > 0 ? 'Then there is one more thing.' : '');
}

function drawHelp() {
  if (!state.help) return;
  const { arrived, late } = state.help;
  write('helping-text', arrived ? 'Your call for help has arrived' : 'We are asking for help');
  let more = arrived ? 'Somebody will be in touch with you.' : 'One moment, please.';
  if (late) more = 'Your call has not arrived yet. Please use the telephone. If you are in danger, call 999.';
  write('helping-more', more);
}

// What is to be heard: once a showing, and once a question.
function speak() {
  let mark = '';
  let address = '';
  if (state.screen === 'reminder') {
    const { key, showing, sound: own_sound, text } = state.reminder;
    mark = `${key} ${showing}`;
    const spoken = state.spoken[text];
    address = own_sound ? `/asset/${own_sound}` : spoken ? `/spoken/${spoken}` : '';
  } else if (state.screen === 'ask') {
    mark = state.ask.id;
    const spoken = state.spoken['Are you all right?'];
    address = spoken ? `/spoken/${spoken}` : '';
  }
  if (!mark || !address || mark === played) {
    if (!mark) sound.pause();
    return;
  }
  played = mark;
  play(address);
}

function play(address) {
  sound.src = address;
  sound.play().then(
    () => { part('allow-sound').hidden = true; },
    (error) => {
      if (error.name !== 'NotAllowedError') return;
      wants = address;
      part('allow-sound').hidden = false;
    },
  );
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
  } catch {
    trouble(what === 'help'
      ? 'That did not work. Please use the telephone. If you are in danger, call 999.'
      : 'That did not work. Please try once more.');
  } finally {
    busy = false;
    disable(false);
  }
}

function disable(yes) {
  for (const button of document.querySelectorAll('main button')) button.disabled = yes;
}

function trouble(text) {
  part('trouble').hidden = !text;
  write('trouble', text);
}

async function look() {
  const answer = await fetch('/state', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = await answer.json();
  heardAt = Date.now();
  if (!found.screen) return;
  state = found;
  trouble('');
  draw();
}

async function watch() {
  try {
    if (!busy) await look();
  } catch {
    if (Date.now() - heardAt > QUIET_MS) {
      trouble('This page cannot reach its box at the moment. If you need help, use the telephone.');
    }
  }
  setTimeout(watch, ASK_EVERY_MS);
}

part('picture').addEventListener('load', () => { part('picture').hidden = false; });
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
part('allow-sound').addEventListener('click', () => {
  part('allow-sound').hidden = true;
  if (wants) play(wants);
});

watch();
