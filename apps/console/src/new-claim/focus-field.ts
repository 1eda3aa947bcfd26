/** Focuses the control of a JSON Pointer: its own, else the first below it, else the one above it. Returns whether there is one. */
export function focusField(pointer: string): boolean {
  const controls = [...document.querySelectorAll<HTMLElement>('[name]')];
  const nameOf = (control: HTMLElement) => control.getAttribute('name') ?? '';
  const parent = pointer.slice(0, pointer.lastIndexOf('/'));
  const found =
    controls.find((control) => nameOf(control) === pointer) ??
    controls.find((control) => nameOf(control).startsWith(`${pointer}/`)) ??
    (parent === '' ? undefined : controls.find((control) => nameOf(control) === parent || nameOf(control).startsWith(`${parent}/`)));
  found?.focus();
  found?.scrollIntoView({ block: 'center' });
  return found !== undefined;
}
