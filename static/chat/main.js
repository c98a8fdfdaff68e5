/** The chat page. */

import { html } from '../vendor/htm-preact.js';
import { begin } from './begin.js';
import { offerOf } from './offer.js';
import { App } from './views/app.js';

const offer = offerOf(location.search);

begin((session) => html`<${App} ...${session} offer=${offer} />`);
