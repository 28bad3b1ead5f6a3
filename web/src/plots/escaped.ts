/** A text for Plotly, which reads some tags in texts: what users and services wrote must stay text. */
export const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").slice(0, 200);
