// What the pages of examples/taro do when somebody presses their buttons: by their own socket modules, against an echo server.

/**
 * Uses each page; `page` gives the socket module of the one with that name. Prints what happened, and a line `ok …` or
 * `not ok …` for each. Returns how many failed.
 */
export async function usePages(page, url, print) {
  let failures = 0;
  const use = async (name, run) => {
    const lines = [];
    const log = (line) => {
      lines.push(line);
      print(`  ${line}`);
    };
    try {
      await withTimeout(run(page(name), log, lines));
      print(`ok ${name}`);
    } catch (error) {
      failures += 1;
      print(`not ok ${name}: ${(error && (error.errMsg || error.stack)) || error}`);
    }
  };

  await use('document', async ({ runDocument }, log, lines) => {
    await runDocument(url, log);
    equal(lines, ['connect success', 'onOpen', 'onMessage: xxx', 'onClose: 1000 ']);
  });

  await use('imports', async ({ FORMS, echo }, log) => {
    for (const form of Object.keys(FORMS)) {
      equal(await echo(FORMS[form], url, `${form} 你好`), `${form} 你好`);
      log(form);
    }
  });

  await use('functions', async ({ runFunctions }, log, lines) => {
    await runFunctions(url, log);
    equal(lines.slice().sort(), [
      'onSocketClose: 1000 bye',
      'onSocketMessage: hello',
      'onSocketOpen',
      'sendSocketMessage: success',
    ]);
  });

  await use('chat', useChat(url));
  return failures;
}

/** A conversation, with a text and an image, that is begun again after its end. */
function useChat(url) {
  return async ({ Chat }, log) => {
    const image = Uint8Array.from({ length: 1000 }, (_, i) => i % 256).buffer;
    for (const time of ['first', 'again']) {
      let opened, answered, closed;
      const [open, close] = [new Promise((done) => (opened = done)), new Promise((done) => (closed = done))];
      const answers = [];
      const answer = new Promise((done) => (answered = done));
      const onAnswer = (received) => answers.push(received) === 2 && answered();
      const chat = new Chat(url, {
        onState: (isOpen) => (isOpen ? opened() : closed()),
        onText: onAnswer,
        onImage: onAnswer,
        onLog: log,
      });
      await chat.connect();
      await open;
      chat.sendText(`你好 ${time}`);
      chat.sendImage(image);
      await answer;
      equal(answers[0], `你好 ${time}`);
      equal(Array.from(new Uint8Array(answers[1])), Array.from(new Uint8Array(image)));
      chat.close();
      await close;
    }
  };
}

function equal(found, wanted) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${a} should be ${b}`);
}

function withTimeout(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), 20000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
