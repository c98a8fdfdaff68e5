/** Telling somebody who is not looking: the title, the icon, a sound, and a notification if wished. */

import { preview } from './bodies.js';
import { choices } from './preferences.js';

const plainIcon = document.querySelector('link[rel=icon]').href;
const plainTitle = document.title;
let shown = 0;
let sounds = null;

/** The number of unread messages in the tab's title and on its icon. */
export function showUnread(total) {
  if (total === shown) return;
  shown = total;
  document.title = total ? `(${total > 99 ? '99+' : total}) ${plainTitle}` : plainTitle;
  drawIcon(total);
}

function drawIcon(total) {
  const link = document.querySelector('link[rel=icon]');
  if (!total) {
    link.href = plainIcon;
    return;
  }
  const picture = new Image(64, 64);
  picture.onload = () => {
    if (shown !== total) return;
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 });
    const pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0, 64, 64);
    pen.fillStyle = '#e5484d';
    pen.beginPath();
    pen.arc(44, 20, 20, 0, Math.PI * 2);
    pen.fill();
    pen.fillStyle = '#fff';
    pen.font = `bold ${total > 9 ? 22 : 28}px sans-serif`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(total > 99 ? '99' : total, 44, 21);
    link.href = canvas.toDataURL();
  };
  picture.src = plainIcon;
}

/** Somebody else said something: `row` is the conversation it stands in, `shown` whether this window shows it. */
export function announce(message, row, shown) {
  // A window that shows it may stand beside the one that somebody looks at. What is read is shown by another window, which tells of it.
  if (shown ? document.hasFocus() : message.read) return;
  if (!claimed(message.id)) return;
  if (choices.get('sound', true)) ring();
  if (!document.hasFocus() && choices.get('desktop', false) && window.Notification?.permission === 'granted') {
    notify(row ? row.nickname : message.peer, { body: preview(message.body), tag: `chat-${message.peer}` }, message.peer);
  }
}

async function notify(title, options, peer) {
  let note;
  try {
    note = new Notification(title, options);
  } catch {
    // Android takes notifications from service workers alone.
    const others = await import('./notifying.js');
    await others.notify(title, options, peer);
    return;
  }
  note.onclick = () => {
    window.focus();
    location.hash = encodeURIComponent(peer);
    note.close();
  };
}

/** Of several tabs only the first to hear of a message rings. */
function claimed(id) {
  const last = choices.get('announced', 0);
  if (id <= last) return false;
  choices.set('announced', id);
  return true;
}

/** Two soft notes, made here: no file to load. */
function ring() {
  sounds ??= new AudioContext();
  if (sounds.state === 'suspended') return;
  [660, 880].forEach((pitch, number) => {
    const tone = sounds.createOscillator();
    const volume = sounds.createGain();
    const start = sounds.currentTime + number * 0.12;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.25);
    tone.connect(volume).connect(sounds.destination);
    tone.start(start);
    tone.stop(start + 0.26);
  });
}

/** Browsers let a page sound only after somebody touched it. */
export function warmUp() {
  if (!choices.get('sound', true) || !window.AudioContext) return;
  sounds ??= new AudioContext();
  sounds.resume();
}
