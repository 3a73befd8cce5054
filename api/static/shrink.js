// Makes a photograph small enough for a tablet's message before it is sent: at most 640 px, and 40 kB.
const MOST_BYTES = 40 * 1024
const SIZES = [640, 480, 320]
const QUALITIES = [0.85, 0.7, 0.55, 0.4]

async function shrunk(file) {
  const picture = await createImageBitmap(file)
  for (const size of SIZES) {
    const share = Math.min(1, size / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(picture.width * share))
    canvas.height = Math.max(1, Math.round(picture.height * share))
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
    for (const quality of QUALITIES) {
      const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality))
      if (blob && blob.size <= MOST_BYTES) return new File([blob], 'picture.jpg', { type: 'image/jpeg' })
    }
  }
  return file
}

for (const input of document.querySelectorAll('input[data-shrink="picture"]')) {
  input.addEventListener('change', async () => {
    const file = input.files[0]
    if (!file || file.size <= MOST_BYTES) return
    try {
      const transfer = new DataTransfer()
      transfer.items.add(await shrunk(file))
      input.files = transfer.files
    } catch {
      // No picture that this browser knows: the server says so.
    }
  })
}
