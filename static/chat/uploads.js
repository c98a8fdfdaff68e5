/** Files go over HTTP; what comes back is what the message says. */

import { page } from './page.js';
import { explained } from './refusals.js';
import { NotUploaded, bodyFor } from './sending-files.js';
import { say } from './words.js';

const MEGABYTE = 1048576;

/** The message body for an uploaded file. Rejects with `NotUploaded`; `tell(part)` hears how far it is, in percent. */
export async function upload(file, kind, token, { seconds, signal, tell }) {
  const most = page.uploadBytes?.[kind];
  if (file.size > most) throw new NotUploaded('too_large', say('file_too_large', { n: Math.floor(most / MEGABYTE) || 1 }));
  const form = new FormData();
  form.append('kind', kind);
  form.append('file', file, file.name);
  const request = await post(form, token, signal, tell);
  const { status, response: answer } = request;
  if (answer?.code !== 0) {
    const reason = answer?.reason || (status === 413 ? 'file_too_large' : 'unavailable');
    throw new NotUploaded(reason, explained([reason], answer?.msg), Number(request.getResponseHeader('Retry-After')));
  }
  const { url, cover = '' } = answer.data;
  return bodyFor(kind, url, { cover, seconds, name: file.name, size: file.size });
}

/** `fetch` does not tell how far it is. */
function post(form, token, signal, tell) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const broken = () => reject(new NotUploaded('offline', say('upload_failed')));
    let told = 0;
    request.open('POST', '/api/uploads/');
    request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => {
      const part = Math.floor((loaded * 100) / total);
      if (part > told) tell((told = part));
    };
    request.onload = () => resolve(request);
    request.onerror = broken;
    request.onabort = broken;
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}
