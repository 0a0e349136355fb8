// Ten digits with five places each; a click on a sample takes it out.
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ul");
  list.replaceChildren(
    ...data.classes.map((samples, label) => {
      const item = document.createElement("li");
      const name = document.createElement("b");
      name.textContent = label;
      item.append(name);
      for (let place = 0; place < data.most; place++) {
        const sample = samples[place];
        const cell = document.createElement(sample ? "button" : "i");
        if (sample) {
          const image = document.createElement("img");
          image.src = sample.picture;
          image.alt = "";
          cell.type = "button";
          cell.title = `Remove this ${label}`;
          cell.setAttribute("aria-label", `Remove sample ${place + 1} of ${label}`);
          cell.onclick = () => setTriggerValue("removed", sample.index);
          cell.append(image);
        }
        item.append(cell);
      }
      item.setAttribute("aria-label", `${label}: ${samples.length} of ${data.most}`);
      return item;
    }),
  );
}
