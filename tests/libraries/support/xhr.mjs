/** As much of React Native's XMLHttpRequest as a GET of a small text takes. */
export class XMLHttpRequest {
  readyState = 0;
  status = 0;
  responseText = '';

  open(method, url) {
    this.url = url;
    this.readyState = 1;
  }

  setRequestHeader() {}

  abort() {}

  async send() {
    const response = await fetch(this.url);
    this.responseText = await response.text();
    this.status = response.status;
    this.readyState = 4;
    this.onreadystatechange?.();
  }
}
