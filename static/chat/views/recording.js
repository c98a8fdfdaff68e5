/** A voice message while it is recorded. */

import { html, useEffect, useRef, useState } from '../../vendor/htm-preact.js';
import { record } from '../recorder.js';
import { minutes } from '../times.js';
import { say } from '../words.js';
import { Icon } from './parts.js';

const WHY = { NotAllowedError: 'record_denied', NotFoundError: 'record_none' };

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
    <button class="quiet" type="button" aria-label=${say('record_cancel')} onClick=${() => onEnd('')}><${Icon} name="close" /></button>
    <span role="status">${running ? say('recording', { time: minutes((Date.now() - running.began) / 1000) }) : say('record_allow')}</span>
    <button ref=${send} class="primary send" type="button" aria-label=${say('record_send')} disabled=${!running} onClick=${() => finish(running)}><${Icon} name="send" filled /></button>
  </div>`;
}
