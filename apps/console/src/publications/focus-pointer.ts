const mostFrames = 30;

/**
 * Opens what hides a control, and focuses it. The fields of a closed entry are drawn only after it opened, so the control may take some frames to
 * appear. Returns whether the form has one.
 */
export async function focusPointer(pointer: string): Promise<boolean> {
  const name = open(pointer);
  for (let frame = 0; frame < mostFrames; frame++) {
    const control =
      document.getElementsByName(name)[0] ?? document.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(name)}"] > summary`);
    if (control !== null && control !== undefined) {
      for (let around = control.closest('details'); around !== null; around = around.parentElement?.closest('details') ?? null)
        around.open = true;
      control.focus();
      control.scrollIntoView({ block: 'center' });
      return true;
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return false;
}

/** Opens the entry that holds the pointer; returns the pointer. */
function open(pointer: string): string {
  for (const entry of document.querySelectorAll<HTMLDetailsElement>('details[data-pointer]')) {
    const { pointer: own } = entry.dataset;
    if (own === undefined || !(pointer === own || pointer.startsWith(`${own}/`))) continue;
    for (let around: HTMLDetailsElement | null | undefined = entry; around; around = around.parentElement?.closest('details'))
      around.open = true;
  }
  return pointer;
}
