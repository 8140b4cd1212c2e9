// The only script of the report's page: its frame is as high as the report in it. Without it the frame has a bar of its own to scroll by.
const frame = document.querySelector("iframe.report");
const fit = () => {
  const page = frame.contentDocument;
  if (page && page.body) frame.style.height = `${Math.ceil(page.body.getBoundingClientRect().height) + 2}px`;
};
const follow = () => {
  fit();
  if (frame.contentDocument && frame.contentDocument.body) new ResizeObserver(fit).observe(frame.contentDocument.body);
};
frame.addEventListener("load", follow);
if (frame.contentDocument && frame.contentDocument.readyState === "complete") follow();
