import { Aedes } from 'aedes';
import { createWebSocketStream } from 'ws';
import { serve } from '../support/servers.mjs';

/** An MQTT broker. */
export async function broker(after) {
  const aedes = await Aedes.createBroker();
  after(() => new Promise((resolve) => aedes.close(resolve)));
  const onConnection = (peer, request) => {
    const stream = createWebSocketStream(peer);
    stream.on('error', () => {});
    aedes.handle(stream, request);
  };
  return serve(after, onConnection, { handleProtocols: () => 'mqtt' });
}
