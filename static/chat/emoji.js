/** The faces and signs that people use most. */
export const EMOJI = [
  ...'😀😄😁😆😅😂🤣😊🙂😉😍🥰😘😋😜🤗🤔🤭🤫😐😏😌😔😴😎🥳😕😟🥺😢😭😤😡😱😳🤒🙏👍👎👌✌👏🙌💪👋🤝❤💔💯🔥🎉🎁🌹🌞🌙⭐☕🍉🍺🛒🛍📦🚚💰🧧✅❌❓❗',
];
