// Each button gives the digit or the number that is written on it.
export default function ({ parentElement, setTriggerValue }) {
  for (const button of parentElement.querySelectorAll("button"))
    button.onclick = () => setTriggerValue("taken", button.textContent);
}
