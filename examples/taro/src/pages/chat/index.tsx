import { Button, Image, Input, View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useEffect, useRef, useState } from 'react';
import { Log } from '../../components/Log';
import { useLog } from '../../components/useLog';
import { SERVER } from '../../server';
import { IMAGE } from './image';
import { Chat } from './socket';

const OTHERS = ['document', 'imports', 'functions'];

export default function ChatPage() {
  const [url, setUrl] = useState(SERVER);
  const [text, setText] = useState('你好');
  const [isOpen, setOpen] = useState(false);
  const [image, setImage] = useState('');
  const [lines, log] = useLog();
  const chat = useRef<Chat>();

  useEffect(() => () => chat.current?.close(), []);

  function connect() {
    chat.current?.close();
    setOpen(false);
    const next = new Chat(url, {
      // The one before may end later than this one begins.
      onState: (open) => {
        if (chat.current === next) setOpen(open);
      },
      onText: (received) => log(`received: ${received}`),
      onImage: (bytes) => {
        log(`received an image of ${bytes.byteLength} bytes`);
        setImage(`data:image/png;base64,${Taro.arrayBufferToBase64(bytes)}`);
      },
      onLog: log,
    });
    chat.current = next;
    next.connect().catch((error) => log(error.errMsg));
  }

  return (
    <View className="page">
      <View className="row">
        <Input className="input" value={url} onInput={({ detail }) => setUrl(detail.value)} />
        <Button size="mini" onClick={connect}>
          {chat.current ? '重新连接' : '连接'}
        </Button>
      </View>
      <View className="row">
        <Input className="input" value={text} onInput={({ detail }) => setText(detail.value)} />
        <Button size="mini" disabled={!isOpen} onClick={() => chat.current?.sendText(text)}>
          发送
        </Button>
      </View>
      <View className="row">
        <Button
          size="mini"
          disabled={!isOpen}
          onClick={() => chat.current?.sendImage(Taro.base64ToArrayBuffer(IMAGE) as ArrayBuffer)}
        >
          发送图片
        </Button>
        <Button size="mini" disabled={!isOpen} onClick={() => chat.current?.close()}>
          关闭
        </Button>
        {image ? <Image className="image" src={image} /> : null}
      </View>
      <View className="row">
        {OTHERS.map((page) => (
          <Button key={page} size="mini" onClick={() => Taro.navigateTo({ url: `/pages/${page}/index` })}>
            {page}
          </Button>
        ))}
      </View>
      <Log lines={lines} />
    </View>
  );
}
