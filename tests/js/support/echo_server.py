"""An echo server without and with TLS. Prints its two ports as JSON; ends when its standard input does."""

import asyncio
import json
import ssl
import sys

from websockets.asyncio.server import serve


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def main(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    limit = 64 << 20
    async with serve(echo, "127.0.0.1", 0, max_size=limit) as plain, serve(
        echo, "127.0.0.1", 0, max_size=limit, ssl=context
    ) as tls:
        print(json.dumps([server.sockets[0].getsockname()[1] for server in (plain, tls)]), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main(sys.argv[1]))
