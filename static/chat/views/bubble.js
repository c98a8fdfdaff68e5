/** One message as it is shown. What strangers wrote is always text, and only http addresses are opened or loaded. */

import { html, useEffect, useRef, useState } from '../../vendor/htm-preact.js';
import { address, halves, pieces } from '../bodies.js';
import { clock, minutes, recallable } from '../times.js';
import { say } from '../words.js';
import { Icon, Menu } from './parts.js';

/** `onAsk(question)`, if given, asks what is tapped in a robot's menu. */
export function Bubble({ message, follows, peer, onRetry, onDiscard, onRecall, onZoom, onAsk }) {
  if (message.recalled) return html`<p class="notice">${say(message.mine ? 'recalled_mine' : 'recalled_theirs')}</p>`;
  const { body, mine } = message;
  const text = body.type === 'txt';
  // Asked when the menu opens: by then it may be too late to recall.
  const items = () =>
    [
      text && navigator.clipboard && { label: say('copy'), act: () => navigator.clipboard.writeText(body.content).catch(() => {}) },
      mine && message.id && recallable(message.at) && { label: say('recall'), act: () => onRecall(message) },
    ].filter(Boolean);
  return html`<div class=${`line ${mine ? 'is-mine' : 'is-theirs'} ${follows ? 'follows' : ''}`}>
    <div class=${`bubble is-${String(body.type).replace(/\W/g, '')}`} tabindex="-1">
      <span class="unseen">${mine ? say('you') : peer.nickname}: </span>
      <${Content} body=${body} mine=${mine} peer=${peer} onZoom=${onZoom} onAsk=${onAsk} />
    </div>
    <div class="line-side">
      ${message.robot && html`<span class="by-robot"><${Icon} name="robot" />${say('robot')}</span>`}
      ${message.at && html`<time>${clock(message.at)}</time>`}
      ${mine && html`<${Ticks} message=${message} onRetry=${onRetry} onDiscard=${onDiscard} />`}
    </div>
    ${((text && navigator.clipboard) || (mine && recallable(message.at))) && html`<${Menu} label=${say('more')} items=${items} className="line-menu" />`}
  </div>
  ${message.handover && html`<p class="notice"><${Icon} name="person" /> ${say(mine ? 'handed_to_you' : 'handed_over')}</p>`}`;
}

/** How far a message of one's own has come. */
function Ticks({ message, onRetry, onDiscard }) {
  if (message.state === 'failed') {
    return html`<span class="ticks failed">
      <${Icon} name="alert" /><span>${message.why || say('state_failed')}</span>
      ${html`<button type="button" onClick=${() => onRetry(message)}>${say('retry')}</button>`}
      <button type="button" onClick=${() => onDiscard(message)}>${say('discard')}</button>
    </span>`;
  }
  if (message.file) {
    return html`<span class="ticks waiting">${message.part || 0}% <button type="button" onClick=${() => onDiscard(message)}>${say('cancel')}</button></span>`;
  }
  const state = !message.id ? 'waiting' : message.read ? 'read' : 'sent';
  const icon = { waiting: 'clock', sent: 'check', read: 'checks' }[state];
  return html`<span class=${`ticks ${state}`} title=${say(`state_${state}`)}>
    <${Icon} name=${icon} /><span class="unseen">${say(`state_${state}`)}</span>
  </span>`;
}

function Content({ body, ...around }) {
  const draw = CONTENT[body.type];
  return draw ? draw({ body, ...around }) : html`<span class="odd">${say('unknown_body')}</span>`;
}

const CONTENT = {
  txt: ({ body }) => html`<span class="text">${words(body.content)}</span>`,
  img: ({ body, mine, peer, onZoom }) => html`<${Picture} source=${address(body.content)} label=${say('image_of', { name: mine ? say('you') : peer.nickname })} onZoom=${onZoom} />`,
  audio: ({ body }) => html`<${Voice} content=${body.content} />`,
  video: ({ body }) => html`<${Film} content=${body.content} />`,
  file({ body }) {
    const href = address(body.content);
    const { name, size } = body.data || {};
    const inside = html`<span class="file-icon"><${Icon} name="file" /></span><span class="file-name">${name || say('file')}</span><small>${sizeOf(size)}</small>`;
    return href ? html`<a class="file" href=${href} download=${name || ''} target="_blank" rel="noopener noreferrer">${inside}</a>` : html`<span class="file">${inside}</span>`;
  },
  goods({ body }) {
    const data = body.data || {};
    return html`<${Goods} name=${data.goods_name || body.content || say('goods')} price=${data.goods_price} cover=${data.goods_cover} link=${data.goods_url} />`;
  },
  robot: ({ body, mine, onAsk }) => html`<${RobotMenu} title=${body.data?.title || body.content} questions=${body.data?.list} onAsk=${mine ? null : onAsk} />`,
};

const words = (content) =>
  pieces(String(content)).map(({ text, href }) => (href ? html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${text}</a>` : text));

function sizeOf(bytes) {
  if (!(bytes > 0)) return '';
  return bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function Picture({ source, label, onZoom }) {
  const [broken, setBroken] = useState(source === null);
  if (broken) return html`<span class="odd">${say('image')} · ${say('broken')}</span>`;
  return html`<button class="picture" type="button" aria-label=${label} onClick=${() => onZoom(source, label)}>
    <img src=${source} alt="" loading="lazy" decoding="async" onError=${() => setBroken(true)} />
  </button>`;
}

/** Only one voice speaks at a time. */
let speaking = null;

function Voice({ content }) {
  const [seconds, url] = halves(content);
  const ref = useRef();
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [broken, setBroken] = useState(address(url) === null);
  useEffect(() => () => ref.current?.pause(), []);
  const length = Math.min(Math.max(Number(seconds) || 0, 0), 3600);
  const toggle = () => {
    const sound = ref.current;
    if (!sound.paused) {
      sound.pause();
      return;
    }
    if (speaking && speaking !== sound) speaking.pause();
    speaking = sound;
    sound.play().catch((error) => error.name === 'AbortError' || setBroken(true));
  };
  if (broken) return html`<span class="odd">${say('audio')} · ${say('broken')}</span>`;
  const style = { '--played': length ? Math.min(at / length, 1) : 0, width: `${Math.min(5 + length * 0.25, 13)}rem` };
  return html`<span class="voice" style=${style}>
    <button type="button" aria-label=${`${say(playing ? 'pause' : 'play')}: ${say('audio_n', { n: length })}`} onClick=${toggle}>
      <${Icon} name=${playing ? 'pause' : 'play'} filled=${!playing} />
    </button>
    <span class="voice-track" aria-hidden="true"></span>
    <span class="voice-length">${minutes(playing ? at : length)}</span>
    <audio ref=${ref} src=${address(url)} preload="none" onPlay=${() => setPlaying(true)} onPause=${() => setPlaying(false)}
      onEnded=${() => setAt(0)} onTimeUpdate=${(event) => setAt(event.target.currentTime)}></audio>
  </span>`;
}

function Film({ content }) {
  const [cover, url] = halves(content);
  const source = address(url);
  if (!source) return html`<span class="odd">${say('video')} · ${say('broken')}</span>`;
  return html`<video class="film" controls playsinline preload=${cover ? 'none' : 'metadata'} poster=${address(cover) || undefined} src=${source} aria-label=${say('video')}></video>`;
}

/** What a robot offers: questions to tap, or merely to read where `onAsk` is missing. */
function RobotMenu({ title, questions, onAsk }) {
  const all = Array.isArray(questions) ? questions : [];
  return html`<p class="robot-title"><${Icon} name="robot" /> ${title}</p>
    <ul class="robot-questions">
      ${all.map((one) => html`<li>${onAsk ? html`<button type="button" onClick=${() => onAsk(one)}>${one.question}</button>` : one.question}</li>`)}
    </ul>`;
}

/** A product, as a card; also above the box, before it is sent. */
export function Goods({ name, price, cover, link }) {
  const picture = address(cover);
  const href = link && address(link);
  const inside = html`${picture ? html`<img src=${picture} alt="" loading="lazy" onError=${(event) => (event.target.hidden = true)} />` : html`<span class="goods-blank"></span>`}
    <span class="goods-name">${name}</span>${price !== undefined && price !== '' && html`<strong class="goods-price">¥${price}</strong>`}`;
  return href ? html`<a class="goods" href=${href} target="_blank" rel="noopener noreferrer">${inside}</a>` : html`<span class="goods">${inside}</span>`;
}
