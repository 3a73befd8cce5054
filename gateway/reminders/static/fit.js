// Makes what is said as large as there is room for: the larger, the further away it can be read.

const LEAST_PX = 24;
const fitted = new WeakMap();

// `words` fills a box of a fixed size; its letters get the largest size at which nothing is cut off.
// --most, in px, is where larger would only be louder.
function fit(words) {
  const box = words.parentElement;
  const mark = `${words.textContent}|${box.clientWidth}|${box.clientHeight}|${words.querySelectorAll('[hidden]').length}`;
  if (!box.clientHeight || fitted.get(words) === mark) return;
  fitted.set(words, mark);
  const fits = (size) => {
    words.style.setProperty('--fit', `${size}px`);
    return words.offsetHeight <= box.clientHeight && words.scrollWidth <= words.clientWidth;
  };
  words.classList.add('measured'); // no word may be broken, unless nothing else helps
  let least = LEAST_PX;
  let most = Number(getComputedStyle(words).getPropertyValue('--most'));
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle;
  }
  fits(least - 1); // widths are rounded to whole pixels, and a line that is half of one too long would break
  words.classList.remove('measured');
}

export function fitAll() {
  for (const words of document.querySelectorAll('.words')) fit(words);
}
