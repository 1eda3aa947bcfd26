const channel = new BroadcastChannel('cpor.session');

/** Tells the other tabs of this browser that its session has changed, so that they ask whose it is now. */
export const announceSession = (): void => channel.postMessage('changed');

/** Calls the handler when another tab has announced a change. Returns a function that ends this. */
export function onOtherTab(handler: () => void): () => void {
  channel.addEventListener('message', handler);
  return () => channel.removeEventListener('message', handler);
}
