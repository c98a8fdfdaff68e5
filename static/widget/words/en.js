/** What the widget says besides, in English. */
export default {
  too_many_guests: 'Many new visitors have written from your network. Your message is kept here and goes out by itself in about {n} minutes.',
  guest_ended: 'You were away for long, and the conversation before has ended. Write to begin a new one.',
  guest_unknown_shop: 'The shop takes no messages here at the moment',
  guest_account_disabled: 'The shop has ended this conversation',
  not_kept: 'Your browser keeps nothing here: this conversation ends when you leave or reload the page.',
  no_messages: 'Write to us; answers appear here',
};
