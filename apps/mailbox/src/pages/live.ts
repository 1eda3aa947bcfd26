/** How often an open page asks for new mail. A stream would hold a connection per tab, and browsers open only six to one server. */
const intervalMs = 2_000;

/** The page's only script: says that there is new mail. Without it, or without script at all, the page is complete. */
export const liveScript = `
const news = document.getElementById('news');
async function look() {
  if (document.hidden || !news.hidden) return;
  const answer = await fetch('/count').catch(() => null);
  if (answer?.ok && (await answer.json()).messages !== Number(news.dataset.messages)) news.hidden = false;
}
setInterval(look, ${intervalMs});
document.addEventListener('visibilitychange', look);
`;
