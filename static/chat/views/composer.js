/** Where one writes. What stands in it is kept as a draft. */

import { html, useEffect, useLayoutEffect, useRef, useState } from '../../vendor/htm-preact.js';
import { say } from '../words.js';
import { Later, later } from './later.js';
import { IconButton } from './parts.js';

const LONGEST = 5000;
const NEAR_LONGEST = 4900;
const EMOJI = later((again) => import(`./emoji.js${again}`));
const RECORDING = later((again) => import(`./recording.js${again}`));
const phone = matchMedia('(pointer: coarse)');
const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

export function Composer({ account, name, drafts, onText, onFiles, onVoice, onWriting, box, suggestions }) {
  const [text, setText] = useState(() => drafts.get(account));
  const [emoji, setEmoji] = useState(false);
  const [recording, setRecording] = useState(false);
  const [silent, setSilent] = useState(''); // why nothing was recorded
  const picker = useRef();
  const put = (value) => {
    setText(value);
    drafts.set(account, value);
  };
  box.put = (value) => {
    put(value);
    box.current.focus();
  };
  box.add = (value) => box.put(text.trim() ? `${text}\n${value}` : value);
  useLayoutEffect(() => {
    const area = box.current;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 160)}px`;
  }, [text]);
  useEffect(() => {
    if (!phone.matches && !recording) box.current.focus();
  }, [recording]);

  const over = [...text].length - LONGEST;
  const send = () => {
    if (!text.trim() || over > 0) return;
    onText(text.trim());
    put('');
    setEmoji(false);
    box.current.focus();
  };
  const keys = (event) => {
    if (suggestions?.keys(event, text)) return;
    // An input method uses Enter for itself; on a phone it begins a new line.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229 || phone.matches) return;
    event.preventDefault();
    send();
  };
  const paste = (event) => {
    const { files, types } = event.clipboardData;
    // Tables and documents bring a picture of the text along that is meant.
    const words = types.includes('text/plain') && types.includes('text/html');
    if (files.length && !words) {
      event.preventDefault();
      onFiles([...files]);
    }
  };
  const insert = (sign) => {
    const { selectionStart: from, selectionEnd: to } = box.current;
    put(text.slice(0, from) + sign + text.slice(to));
    requestAnimationFrame(() => box.current.setSelectionRange(from + sign.length, from + sign.length));
  };

  return html`<div class="composer">
    ${suggestions?.view(text)}
    ${emoji && html`<${Later} part=${EMOJI} plain onChoose=${insert} onClose=${() => (setEmoji(false), box.current.focus())} />`}
    <div class=${`composer-row ${recording ? 'is-recording' : ''}`}>
      ${recording && html`<${Later} part=${RECORDING} plain onVoice=${onVoice} onEnd=${(why) => (setRecording(false), setSilent(why))} />`}
      <${IconButton} icon="smile" label=${say('emoji')} aria-expanded=${String(emoji)} onClick=${() => setEmoji(!emoji)} />
      <${IconButton} icon="clip" label=${say('attach')} onClick=${() => picker.current.click()} />
      <input ref=${picker} type="file" multiple hidden onChange=${(event) => (onFiles([...event.target.files]), (event.target.value = ''))} />
      <textarea
        ref=${box}
        rows="1"
        value=${text}
        placeholder=${say('write')}
        aria-label=${say('write_to', { name })}
        enterkeyhint=${phone.matches ? 'enter' : 'send'}
        onInput=${(event) => (put(event.target.value), onWriting())}
        onKeyDown=${keys}
        onPaste=${paste}
        ...${suggestions?.attributes(text)}
      ></textarea>
      ${text.trim() || !canRecord()
        ? html`<${IconButton} icon="send" filled label=${say('send')} kind="primary send" disabled=${!text.trim() || over > 0} onClick=${send} />`
        : html`<${IconButton} icon="mic" label=${say('record')} onClick=${() => (setRecording(true), setSilent(''))} />`}
    </div>
    ${silent && !text && html`<p class="composer-note floating" role="alert">${silent}</p>`}
    ${text.length > NEAR_LONGEST && over > 0 && html`<p class="composer-note" role="alert">${say('too_long', { n: over })}</p>`}
  </div>`;
}
