import { Button, View } from '@tarojs/components';
import { Log } from '../../components/Log';
import { useLog } from '../../components/useLog';
import { SERVER } from '../../server';
import { echo, FORMS } from './socket';

export default function ImportsPage() {
  const [lines, log] = useLog();
  return (
    <View className="page">
      {Object.entries(FORMS).map(([form, connect]) => (
        <Button
          key={form}
          className="button"
          onClick={() =>
            echo(connect, SERVER, form).then(
              (text) => log(`${form}: ${text === form ? 'ok' : text}`),
              (error) => log(`${form}: ${error.errMsg ?? error.message}`),
            )
          }
        >
          {form}
        </Button>
      ))}
      <Log lines={lines} />
    </View>
  );
}
