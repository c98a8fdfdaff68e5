/**
 * The messages of a conversation. However many there are, only those around what is in sight are drawn; whatever is
 * added above or grows, what somebody looks at stays where it is.
 */

import { Component, html, useEffect, useLayoutEffect, useRef, useState } from '../../vendor/htm-preact.js';
import { heard } from '../rooms.js';
import { day } from '../times.js';
import { say } from '../words.js';
import { Bubble } from './bubble.js';
import { Icon } from './parts.js';

const DRAWN = 120;
const STEP = 50;
const NEAR = 700; // pixels to an end at which more is drawn or fetched
const BOTTOM = 60;
const OVER = 24; // pixels that are seen over what somebody jumps to
const GROUP = 5 * 60 * 1000;
const moment = (at) => Date.parse(at.replace(' ', 'T'));

export function Timeline({ room, onOlder, children, actions }) {
  const ref = useRef();
  const inner = useRef();
  const { messages, from = 0, before = 0 } = room;
  const [end, setEnd] = useState(null); // null: as far as there are messages
  const anchor = useRef(null); // what stays where it is; null while the newest message is in sight
  const [away, setAway] = useState(false);
  const lastSeen = useRef(0);
  const [above, setAbove] = useState(false); // what is new begins further up
  const reached = useRef(false); // somebody has seen where
  const [seeking, setSeeking] = useState(false);

  const last = end === null ? messages.length : Math.min(end, messages.length);
  const first = Math.max(0, last - DRAWN);

  const settle = () => {
    const box = ref.current;
    if (!anchor.current) {
      box.scrollTop = box.scrollHeight;
      return;
    }
    const kept = inner.current.querySelector(`[data-key="${CSS.escape(anchor.current.key)}"]`);
    if (kept) box.scrollTop += kept.getBoundingClientRect().top - box.getBoundingClientRect().top - anchor.current.top;
  };

  const find = () => {
    const began = inner.current.querySelector('.new-from')?.getBoundingClientRect();
    reached.current = Boolean(from || before) && (reached.current || began?.bottom > ref.current.getBoundingClientRect().top);
    setAbove(Boolean(from || before) && !reached.current);
  };

  useLayoutEffect(() => {
    settle();
    find();
  });
  useEffect(() => {
    const observer = new ResizeObserver(settle);
    observer.observe(inner.current);
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    // There may be nothing to scroll yet, or what was asked for on scrolling did not come.
    const box = ref.current;
    const short = box.clientHeight > 0 && box.scrollHeight <= box.clientHeight;
    const wanted = first === 0 && (short || (anchor.current && box.scrollTop < NEAR));
    if (room.loaded && room.hasMore && !room.loading && (wanted || (seeking && before))) onOlder();
  });
  useLayoutEffect(() => {
    if (!seeking || before) return;
    setSeeking(false);
    const at = messages.findIndex((message) => message.id === from);
    if (at < 0) return;
    setEnd(Math.max(DRAWN, at + DRAWN - STEP));
    anchor.current = { key: String(from), top: OVER };
  }, [seeking, before]);
  useEffect(() => {
    if (!away && messages.length) lastSeen.current = messages.at(-1).id || lastSeen.current;
  });

  const look = () => {
    const box = ref.current;
    const toEnd = box.scrollHeight - box.scrollTop - box.clientHeight;
    const newest = toEnd < BOTTOM && last === messages.length;
    if (newest) {
      anchor.current = null;
      setEnd(null);
    } else {
      const top = box.getBoundingClientRect().top;
      const seen = [...inner.current.querySelectorAll('[data-key]')].find((item) => item.getBoundingClientRect().bottom > top);
      if (seen) anchor.current = { key: seen.dataset.key, top: seen.getBoundingClientRect().top - top };
      if (box.scrollTop < NEAR && first > 0) setEnd(Math.max(DRAWN, last - STEP));
      else if (toEnd < NEAR && last < messages.length) setEnd(last + STEP);
      else if (end === null) setEnd(messages.length);
    }
    if (box.scrollTop < NEAR && first === 0) onOlder();
    setAway(!newest);
    find();
  };

  // Older messages in front move everything that is counted from the beginning.
  const count = useRef({ first: null, length: 0 });
  const oldest = messages[0]?.id;
  if (count.current.first !== null && oldest < count.current.first && end !== null) {
    const added = messages.findIndex((message) => message.id === count.current.first);
    if (added > 0) setEnd(end + added);
  }
  count.current = { first: oldest ?? null, length: messages.length };

  const toNewest = () => {
    anchor.current = null;
    setEnd(null);
    setAway(false);
    settle();
  };
  // Who says something wants to see it, wherever they were reading.
  const { clientId, state } = messages.at(-1) || {};
  const said = useRef(clientId);
  useLayoutEffect(() => {
    if (state === 'waiting' && clientId !== said.current) toNewest();
    said.current = clientId;
  }, [clientId, state]);
  const fresh = away ? messages.filter((message) => !message.mine && message.id > lastSeen.current).length : 0;
  const unread = above && before + messages.filter((message) => heard(message) && message.id >= from).length;

  return html`<div class="timeline-frame">
    <div class="timeline" ref=${ref} onScroll=${look} tabindex="0" role="log" aria-live=${away || seeking ? 'off' : 'polite'} aria-busy=${String(room.loading)} aria-label=${say('conversation', { name: room.peer?.nickname || room.account })}>
      <div class="timeline-inner" ref=${inner}>
        ${room.loaded &&
        html`<p class="timeline-end">${first === 0 && !room.hasMore ? (messages.length ? say('beginning') : '') : say('load_older')}</p>`}
        ${!room.loaded && !room.error && html`<div class="bubbles-skeleton" aria-hidden="true"><i></i><i class="right"></i><i></i><i class="right short"></i></div>`}
        ${room.loaded && messages.length === 0 && html`<div class="empty"><p>${say('no_messages')}</p></div>`}
        ${messages.slice(first, last).map((message, number) => {
          const { newDay, follows } = place(message, messages[first + number - 1]);
          const key = message.clientId || String(message.id);
          const heading = newDay && message.at ? day(message.at) : null;
          return html`<${Item} key=${key} id=${key} heading=${heading} fresh=${from > 0 && message.id === from} message=${message} follows=${follows} peer=${room.peer} actions=${actions} />`;
        })}
        ${last === messages.length && children}
      </div>
    </div>
    <span class="unseen" role="status">${fresh ? say('new_n', { n: fresh }) : ''}</span>
    ${above &&
    html`<button class="to-unread" onClick=${() => (setSeeking(true), ref.current.focus())}>
      <span>${seeking ? say('loading') : say('unread_n', { n: unread })}</span><${Icon} name="down" />
    </button>`}
    ${away &&
    html`<button class="to-newest" onClick=${() => (toNewest(), ref.current.focus())} aria-label=${fresh ? say('new_n', { n: fresh }) : say('latest')}>
      ${fresh > 0 && html`<span>${say('new_n', { n: fresh })}</span>`}<${Icon} name="down" />
    </button>`}
  </div>`;
}

/** Whether a day begins with this message, and whether it continues what the same side just said. */
function place(message, previous) {
  const newDay = !previous || previous.at.slice(0, 10) !== message.at.slice(0, 10);
  const follows =
    !newDay && previous.mine === message.mine && !previous.recalled && moment(message.at) - moment(previous.at) < GROUP;
  return { newDay, follows };
}

/** A message, and above it the day if it is the day's first. It is drawn anew only when something about it changes. */
class Item extends Component {
  shouldComponentUpdate(next) {
    return Object.keys(next).some((name) => next[name] !== this.props[name]);
  }

  render({ id, heading, fresh, message, follows, peer, actions }) {
    return html`<div class="item" data-key=${id}>
      ${heading && html`<h3 class="day"><span>${heading}</span></h3>`}
      ${fresh && html`<p class="new-from">${say('new_from')}</p>`}
      <${Bubble} message=${message} follows=${follows} peer=${peer || { nickname: message.peer }} ...${actions} />
    </div>`;
  }
}
