// Digits as tiles; a click on one tells the page which.
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ul");
  list.replaceChildren(
    ...data.tiles.map(({ kind, picture, title, words, told }, place) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const image = document.createElement("img");
      const line = document.createElement("span");
      const label = document.createElement("b");
      const beside = document.createElement("small");
      image.src = picture;
      image.alt = "";
      label.textContent = title;
      beside.textContent = words;
      button.type = "button";
      button.className = kind;
      button.title = told;
      button.setAttribute("aria-label", told);
      button.onclick = () => setTriggerValue("opened", place);
      line.append(label, beside);
      button.append(image, line);
      item.append(button);
      return item;
    }),
  );
}
