/** A voice message while it is recorded with the browser's microphone. */

import { html, useEffect, useRef, useState } from '../../vendor/htm-preact.js';
import { minutes } from '../times.js';
import { say } from '../words.js';
import { Icon, IconButton } from './parts.js';

const FORMS = ['audio/mp4', 'audio/webm;codecs=opus', 'audio/webm', 'audio/ogg'];
const LONGEST = 60;
const WHY = { NotAllowedError: 'record_denied', NotFoundError: 'record_none' };

/** Starts at once; rejects if the microphone is denied. `finish()` gives `{ file, seconds }`; after a minute `onFull` is called. */
async function record(onFull) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = FORMS.find((form) => MediaRecorder.isTypeSupported(form));
  const recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {});
  const parts = [];
  const began = Date.now();
  recorder.ondataavailable = (event) => parts.push(event.data);
  const ended = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  const full = setTimeout(onFull, LONGEST * 1000);
  const stop = async () => {
    clearTimeout(full);
    if (recorder.state !== 'inactive') recorder.stop();
    stream.getTracks().forEach((track) => track.stop());
    await ended;
  };
  return {
    began,
    cancel: stop,
    async finish() {
      const seconds = Math.max(1, Math.round((Date.now() - began) / 1000));
      await stop();
      const type = recorder.mimeType.split(';')[0];
      return { file: new File(parts, `voice.${type.split('/')[1]}`, { type }), seconds };
    },
  };
}

/** Begins as it is shown; what it has recorded is dropped if it goes. `onEnd(why)`, with a word for people if there is no microphone to be had. */
export function View({ onVoice, onEnd }) {
  const [running, setRunning] = useState(null);
  const [, tick] = useState(0);
  const ended = useRef(false);
  const send = useRef();
  const finish = async (recording) => {
    if (ended.current) return;
    ended.current = true;
    const { file, seconds } = await recording.finish();
    onVoice(file, seconds);
    onEnd('');
  };
  useEffect(() => {
    let recording = null;
    record(() => finish(recording)).then(
      (begun) => {
        // Somebody may have gone elsewhere while the browser asked whether it may listen.
        if (ended.current) return begun.cancel();
        recording = begun;
        return setRunning(begun);
      },
      (error) => ended.current || onEnd(say(WHY[error.name] || 'record_busy')),
    );
    const timer = setInterval(() => tick((number) => number + 1), 250);
    return () => {
      clearInterval(timer);
      if (!ended.current) recording?.cancel();
      ended.current = true;
    };
  }, []);
  useEffect(() => running && send.current.focus(), [running]);
  return html`<div class="recording" onKeyDown=${(event) => event.key === 'Escape' && onEnd('')}>
    <${IconButton} icon="close" label=${say('record_cancel')} onClick=${() => onEnd('')} />
    <span role="status">${running ? say('recording', { time: minutes((Date.now() - running.began) / 1000) }) : say('record_allow')}</span>
    <button ref=${send} class="primary send" type="button" aria-label=${say('record_send')} disabled=${!running} onClick=${() => finish(running)}><${Icon} name="send" filled /></button>
  </div>`;
}
