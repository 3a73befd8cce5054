// What is to be heard: two soft notes, then a voice. Browsers play nothing before somebody has
// touched the page, unless they were started for it; then the page asks for one touch.

const CHIME = '/chime.wav';
const ASLEEP_MS = 1000;

const sound = new Audio(); // one for all: where a touch has allowed it once, it may go on
const touch = document.getElementById('allow-sound');
let turn = 0;
let wanted = null;

// Plays the chime, and then the first of these addresses that this browser can play.
export async function say(addresses) {
  const mine = ++turn;
  wanted = addresses;
  for (const address of [CHIME, ...addresses]) {
    const was = await heard(address);
    if (mine !== turn || was === 'not allowed') return;
    if (was === 'heard' && address !== CHIME) return;
  }
}

export function hush() {
  turn += 1;
  wanted = null;
  sound.pause();
}

function heard(address) {
  sound.src = address;
  return new Promise((done) => {
    sound.onended = () => done('heard');
    sound.onerror = () => done('not playable');
    sound.play().then(
      () => { touch.hidden = true; },
      (error) => {
        if (error.name === 'NotAllowedError') touch.hidden = false;
        done(error.name === 'NotAllowedError' ? 'not allowed' : 'not playable');
      },
    );
  });
}

// Asks for the touch before anything is due: nobody should learn of it by a reminder that was not heard.
async function askEarly() {
  const probe = new AudioContext();
  await new Promise((done) => { setTimeout(done, ASLEEP_MS); });
  touch.hidden = probe.state === 'running' || Boolean(navigator.userActivation?.hasBeenActive);
  probe.close();
}

// Any touch will do, and Safari wants a sound to be started by it.
document.addEventListener('click', () => {
  if (touch.hidden) return;
  touch.hidden = true;
  say(wanted ?? []);
});

askEarly();
