/** The chat page. */

import { html, render } from '../vendor/htm-preact.js';
import { warmUp } from './attention.js';
import { yieldToKeyboard } from './keyboard.js';
import { offerOf } from './offer.js';
import { page } from './page.js';
import { App } from './views/app.js';
import { Entrance } from './views/entrance.js';

const offer = offerOf(location.search);
const inside = (session) => html`<${App} ...${session} page=${page} offer=${offer} />`;

for (const touch of ['pointerdown', 'keydown']) document.addEventListener(touch, warmUp, { once: true });
yieldToKeyboard();
render(html`<${Entrance} page=${page} inside=${inside} />`, document.getElementById('app'));
