import { serve } from '../support/servers.mjs';

const SUPABASE_PUSH = 3;

/** Supabase's own frame: it is acknowledged, and told to all. */
function supabase(data, reply, peer) {
  const lengths = [...data.subarray(1, 6)];
  let at = 7;
  const [join, ref, topic] = lengths.map((length) => data.toString('utf8', at, (at += length)));
  reply(join, ref, topic, {});
  const told = data.subarray(7 + lengths[0] + lengths[1]);
  peer.send(Buffer.concat([Buffer.from([4, ...data.subarray(3, 7)]), told]));
}

/** A channel server as Phoenix has it (version 2 of its serializer): it broadcasts what it is told, also binary. */
export async function phoenix(after, seen) {
  return serve(after, (peer, { url, headers }) => {
    seen.push({ url, headers, peer });
    const reply = (join, ref, topic, response) =>
      peer.send(JSON.stringify([join, ref, topic, 'phx_reply', { status: 'ok', response }]));
    peer.on('message', (data, isBinary) => {
      if (isBinary && data[0] === SUPABASE_PUSH) return supabase(data, reply, peer);
      if (isBinary) {
        const [, joinLength, refLength, topicLength, eventLength] = data;
        const rest = data.subarray(5 + joinLength + refLength);
        return peer.send(Buffer.concat([Buffer.from([2, topicLength, eventLength]), rest]));
      }
      const [join, ref, topic, event, payload] = JSON.parse(String(data));
      if (event === 'heartbeat') seen.at(-1).heartbeats = (seen.at(-1).heartbeats ?? 0) + 1;
      reply(join, ref, topic, event === 'phx_join' ? { joined: topic, postgres_changes: [] } : {});
      if (event === 'broadcast' || event === 'shout') peer.send(JSON.stringify([null, null, topic, event, payload]));
    });
  });
}
