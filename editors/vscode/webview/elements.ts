/** Elements with texts in them, made short. */

type Child = Node | string | undefined | false;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | boolean | undefined>,
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

export function button(className: string, press: () => void, ...children: Child[]): HTMLButtonElement {
  const made = element('button', { type: 'button', class: className }, ...children);
  made.addEventListener('click', press);
  return made;
}

/** `{n}` in words. */
export function counted(words: string | undefined, n: string | number): string {
  return (words ?? '').replace('{n}', () => String(n));
}

/** Text in which backticks set off code. */
export function prose(text: string): Child[] {
  return text.split('`').map((part, index) => (index % 2 ? element('code', {}, part) : part));
}
