/** Recording a voice message with the browser's microphone. */

const FORMS = ['audio/mp4', 'audio/webm;codecs=opus', 'audio/webm', 'audio/ogg'];
const LONGEST = 60;

/** Starts at once; rejects if the microphone is denied. `finish()` gives `{ file, seconds }`; after a minute `onFull` is called. */
export async function record(onFull) {
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
