/** What the server tells the page. */
export const page = JSON.parse(document.getElementById('page').textContent);
