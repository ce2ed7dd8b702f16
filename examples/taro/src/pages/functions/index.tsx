import { Button, View } from '@tarojs/components';
import { Log } from '../../components/Log';
import { useLog } from '../../components/useLog';
import { SERVER } from '../../server';
import { runFunctions } from './socket';

export default function FunctionsPage() {
  const [lines, log] = useLog();
  return (
    <View className="page">
      <Button className="button" onClick={() => runFunctions(SERVER, log).catch((error) => log(error.errMsg))}>
        运行六个全局函数
      </Button>
      <Log lines={lines} />
    </View>
  );
}
