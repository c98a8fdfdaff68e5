/** Files go over HTTP; what comes back is what the message says. */

import { explained } from './refusals.js';
import { say } from './words.js';

const KINDS = { image: 'image', video: 'video', audio: 'audio' };

/** What sort of message a file becomes. */
export function kindOf(file) {
  return KINDS[file.type.split('/')[0]] || 'file';
}

/** The message body for an uploaded file. Rejects with an Error whose message is for people. */
export async function upload(file, kind, token, seconds) {
  const form = new FormData();
  form.append('kind', kind);
  form.append('file', file, file.name);
  let answer;
  try {
    const response = await fetch('/api/uploads/', { method: 'POST', body: form, headers: { Authorization: `Bearer ${token}` } });
    answer = await response.json();
  } catch {
    throw new Error(say('upload_failed'));
  }
  if (answer.code !== 0) throw new Error(explained([answer.reason], answer.msg));
  const { url, cover = '' } = answer.data;
  return bodyFor(kind, url, { cover, seconds, name: file.name, size: file.size });
}

/** As it will be said; with an address of this page's own until the file is uploaded. */
export function bodyFor(kind, url, { cover = '', seconds = 0, name = '', size = 0 }) {
  if (kind === 'image') return { type: 'img', content: url };
  if (kind === 'audio') return { type: 'audio', content: `${seconds}|${url}` };
  if (kind === 'video') return { type: 'video', content: `${cover}|${url}` };
  return { type: 'file', content: url, data: { name, size } };
}
