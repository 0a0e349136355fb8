// Digits as tiles to choose from. What is chosen is told to the page at every click.
export default function ({ data, parentElement, setStateValue }) {
  const list = parentElement.querySelector("ul");
  const chosen = new Set(data.chosen);
  list.replaceChildren(
    ...data.tiles.map(({ key, picture, title, words, told }) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const image = document.createElement("img");
      const label = document.createElement("b");
      const below = document.createElement("small");
      image.src = picture;
      image.alt = "";
      label.textContent = title;
      below.textContent = words;
      button.type = "button";
      button.title = told;
      button.setAttribute("aria-label", told);
      button.setAttribute("aria-pressed", chosen.has(key));
      button.onclick = () => {
        if (!chosen.delete(key)) chosen.add(key);
        button.setAttribute("aria-pressed", chosen.has(key));
        setStateValue("chosen", [...chosen]);
      };
      button.append(image, label, below);
      item.append(button);
      return item;
    }),
  );
}
