// A button and Ctrl+V for pictures in the clipboard.
const LARGEST = 50 * 1024 * 1024;
const wanted = (type) => type.startsWith("image/") || type === "application/pdf";

export default function ({ parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  const words = parentElement.querySelector("output");
  const say = (text) => {
    words.textContent = text;
    clearTimeout(button.quiet);
    if (text) button.quiet = setTimeout(() => (words.textContent = ""), 8000);
  };
  const send = async (blobs) => {
    const fitting = blobs.filter((blob) => blob.size <= LARGEST);
    if (!fitting.length) return say("It is larger than 50 MB.");
    say("");
    const files = await Promise.all(fitting.map(packed));
    setTriggerValue("pasted", { at: Date.now(), files });
  };

  button.onclick = async () => {
    if (!navigator.clipboard?.read) return say("This browser wants Ctrl+V (or ⌘V) instead.");
    let items;
    try {
      items = await navigator.clipboard.read();
    } catch {
      return say("The browser did not allow it. Press Ctrl+V (or ⌘V) instead.");
    }
    const blobs = await Promise.all(
      items.flatMap((item) => {
        const type = item.types.find(wanted);
        return type ? [item.getType(type)] : [];
      }),
    );
    return blobs.length ? send(blobs) : say("There is no picture in the clipboard.");
  };
  // One listener, whatever the number of runs.
  document.removeEventListener("paste", button.listener);
  button.listener = (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter((file) => wanted(file.type));
    if (!files.length) return;
    event.preventDefault();
    send(files);
  };
  document.addEventListener("paste", button.listener);
  return () => document.removeEventListener("paste", button.listener);
}

const packed = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: blob.name ?? "", type: blob.type, data: reader.result });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
