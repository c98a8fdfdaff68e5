/** What stands in a message body. Everything in it comes from strangers. */

import { say } from './words.js';

const LABELS = { img: 'image', audio: 'audio', video: 'video', goods: 'goods', robot: 'robot', file: 'file' };

/** One line for lists and notifications. */
export function preview(body) {
  if (body.type === 'txt' && typeof body.content === 'string') return body.content.slice(0, 200);
  return say(`sent_${LABELS[body.type] || 'other'}`);
}

/** An address that is safe to load or to open: http and https alone. null for anything else. */
export function address(text) {
  if (typeof text !== 'string' || text === '') return null;
  try {
    const url = new URL(text, `${location.origin}/`);
    return url.protocol === 'http:' || url.protocol === 'https:' || url.protocol === 'blob:' ? url.href : null;
  } catch {
    return null;
  }
}

/** `8|audio.mp3` and `cover.jpg|video.mp4` in their two parts. */
export function halves(content) {
  const text = String(content);
  const bar = text.indexOf('|');
  return bar < 0 ? ['', text] : [text.slice(0, bar), text.slice(bar + 1)];
}

/** Chinese has no blank between an address and the words behind it. */
const LINK = /https?:\/\/[^\s<>"'“”\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+/g;
const TRAILING = /[.,!?;:)\]}]+$/;

/** A text in pieces: `{ text }` or `{ text, href }`. */
export function pieces(content) {
  const found = [];
  let end = 0;
  for (const match of String(content).matchAll(LINK)) {
    const link = match[0].replace(TRAILING, '');
    const href = address(link);
    if (!href) continue;
    if (match.index > end) found.push({ text: content.slice(end, match.index) });
    found.push({ text: link, href });
    end = match.index + link.length;
  }
  if (end < String(content).length) found.push({ text: String(content).slice(end) });
  return found;
}
