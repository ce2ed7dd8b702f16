import { Button, View } from '@tarojs/components';
import { Log } from '../../components/Log';
import { useLog } from '../../components/useLog';
import { SERVER } from '../../server';
import { runDocument } from './socket';

export default function DocumentPage() {
  const [lines, log] = useLog();
  return (
    <View className="page">
      <Button className="button" onClick={() => runDocument(SERVER, log).catch((error) => log(error.errMsg))}>
        运行 Taro 文档的示例
      </Button>
      <Log lines={lines} />
    </View>
  );
}
