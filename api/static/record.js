// Records a few seconds of a voice for a reminder, with the browser's own recorder. Where there is
// none, or no microphone may be used, its part of the page stays hidden and a file can be chosen.

const MOST_SECONDS = 20
const BITS_A_SECOND = 16000 // a voice in Opus is clear at this, and 20 seconds are about 42 kB
const SLICE_MS = 250
const SPARE_BYTES = 3 * 1024 // what a browser that takes more bits than it was told may still bring with the last slice
const WARN_AT_SECONDS = 5
// What tablets play, the smallest first: Chromium and Firefox record the one, Safari the other.
const KINDS = { 'audio/webm;codecs=opus': 'webm', 'audio/mp4': 'm4a', 'audio/ogg;codecs=opus': 'ogg' }
const MICROPHONE = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true }
const BUTTONS = {
  ready: ['record'],
  asking: ['record'],
  recording: ['stop'],
  recorded: ['listen', 'use', 'discard'],
}
const FOCUS = { recording: 'stop', recorded: 'listen', ready: 'record' }
const REFUSED = {
  NotAllowedError: 'This browser may not use the microphone. Allow it beside the page’s address, or choose a file.',
  NotFoundError: 'There is no microphone on this device. Choose a file instead.',
}

const box = document.querySelector('[data-recorder]')
const kind = window.MediaRecorder && Object.keys(KINDS).find((one) => MediaRecorder.isTypeSupported(one))
const find = (name) => box.querySelector(`[data-part="${name}"]`)
let state = 'ready'
let recording = null // the Blob, once it is recorded
let recorder = null
const sound = new Audio()

// How many seconds may still be recorded: by the clock, and by the bytes so far.
function secondsLeft(elapsed, bytes, most) {
  const byClock = MOST_SECONDS - elapsed
  return Math.max(0, elapsed > 1 ? Math.min(byClock, ((most - bytes) * elapsed) / Math.max(bytes, 1)) : byClock)
}

function inWords(seconds) {
  const whole = Math.ceil(seconds)
  return whole === 1 ? '1 second' : `${whole} seconds`
}

// Shows a state; the words are announced by screen readers.
function enter(next, words) {
  const moves = box.contains(document.activeElement)
  state = next
  for (const button of box.querySelectorAll('button')) button.hidden = !BUTTONS[next].includes(button.dataset.part)
  box.classList.toggle('hl-recorder--on', next === 'recording')
  find('left').hidden = next !== 'recording'
  find('says').textContent = words
  if (moves && FOCUS[next]) find(FOCUS[next]).focus()
}

async function record() {
  if (state !== 'ready') return
  enter('asking', 'Allow the microphone if your browser asks.')
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE })
    recordFrom(stream)
  } catch (error) {
    enter('ready', REFUSED[error.name] ?? 'The microphone did not start. Try once more, or choose a file.')
  }
}

function recordFrom(stream) {
  const most = Number(box.dataset.mostBytes) - SPARE_BYTES
  const slices = []
  const began = performance.now()
  let bytes = 0
  let warned = false
  const look = () => {
    const left = secondsLeft((performance.now() - began) / 1000, bytes, most)
    find('left').textContent = `${inWords(left)} left`
    if (left <= WARN_AT_SECONDS && !warned) {
      warned = true
      find('says').textContent = `Recording. ${inWords(left)} left.`
    }
    if (left <= 0 && recorder.state === 'recording') recorder.stop()
  }
  recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: BITS_A_SECOND })
  recorder.addEventListener('dataavailable', ({ data }) => {
    slices.push(data)
    bytes += data.size
  })
  const looking = setInterval(look, SLICE_MS)
  recorder.addEventListener('stop', () => {
    clearInterval(looking)
    for (const track of stream.getTracks()) track.stop()
    finish(new Blob(slices, { type: kind }), (performance.now() - began) / 1000)
  })
  recorder.start(SLICE_MS)
  enter('recording', `Recording. Speak now. ${inWords(MOST_SECONDS)} at most.`)
  look()
}

function finish(blob, seconds) {
  if (!blob.size) return enter('ready', 'Nothing was recorded. Try once more, or choose a file.')
  if (blob.size > Number(box.dataset.mostBytes)) {
    return enter('ready', 'That is too long for the tablet. Record it once more, and shorter.')
  }
  recording = blob
  sound.src = URL.createObjectURL(blob)
  enter('recorded', `Recorded: ${inWords(seconds)}. Listen to it, then use it or discard it.`)
}

function listen() {
  sound.currentTime = 0
  sound.play().catch(() => { find('says').textContent = 'This browser cannot play what it recorded. You can use it all the same.' })
}

// It goes the way of a file that was chosen, so the server checks it alike.
function use() {
  const transfer = new DataTransfer()
  transfer.items.add(new File([recording], `recording.${KINDS[kind]}`, { type: kind }))
  const input = document.getElementById(box.dataset.input)
  input.files = transfer.files
  find('says').textContent = 'Sending the recording.'
  input.form.requestSubmit()
}

function discard() {
  sound.pause()
  URL.revokeObjectURL(sound.src)
  recording = null
  enter('ready', 'Discarded. Nothing was kept.')
}

if (kind && navigator.mediaDevices?.getUserMedia) {
  const does = { record, listen, use, discard, stop: () => recorder.stop() }
  for (const [name, act] of Object.entries(does)) find(name).addEventListener('click', act)
  enter('ready', '')
  box.hidden = false
}
