// Keeps the screen on while the page is looked at: a walk test needs it, and a dark screen ends part of it.
async function stayAwake() {
  if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
  try {
    await navigator.wakeLock.request('screen')
  } catch {
    // the phone saves power: then it goes dark as always, and the page says what that means
  }
}
document.addEventListener('visibilitychange', stayAwake)
await stayAwake()
