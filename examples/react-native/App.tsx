import { useEffect, useReducer, useRef, useState } from 'react';
import { DevSettings, Platform, Pressable, ScrollView, StyleSheet, Text, TextInput, View } from 'react-native';
import { configure } from 'react-native-socket-task';
import { Exchange } from './src/Exchange';

// The emulator of Android has the computer under an address of its own.
const HOST = Platform.OS === 'android' ? '10.0.2.2' : 'localhost';

export default function App() {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [url, setUrl] = useState(`ws://${HOST}:8080`);
  const { current: exchange } = useRef(new Exchange(redraw));

  useEffect(() => {
    // What the library has to say of connections, in the development server's log.
    configure({ log: (level, text) => console.log(`[${level}] ${text}`), logLevel: 'info' });
    return () => configure({ log: undefined });
  }, []);

  const { state, log } = exchange;
  return (
    <View style={styles.screen}>
      <TextInput
        testID="url"
        style={styles.url}
        value={url}
        onChangeText={setUrl}
        autoCapitalize="none"
        autoCorrect={false}
      />
      <View style={styles.row}>
        <Button name="connect" enabled={state === 'closed'} press={() => exchange.connect(url)} />
        <Button name="text" enabled={state === 'open'} press={() => exchange.send('你好')} />
        <Button name="binary" enabled={state === 'open'} press={() => exchange.send(new ArrayBuffer(1024))} />
        <Button name="close" enabled={state === 'open'} press={() => exchange.close()} />
        <Button name="reload" enabled press={() => DevSettings.reload()} />
      </View>
      <Text testID="state" style={styles.state}>
        {state}
      </Text>
      <ScrollView testID="log">
        {log.map((line, index) => (
          <Text key={index} style={styles.line}>
            {line}
          </Text>
        ))}
      </ScrollView>
    </View>
  );
}

function Button({ name, enabled, press }: { name: string; enabled: boolean; press: () => void }) {
  return (
    <Pressable testID={name} style={[styles.button, !enabled && styles.disabled]} disabled={!enabled} onPress={press}>
      <Text>{name}</Text>
    </Pressable>
  );
}

const styles = StyleSheet.create({
  screen: { flex: 1, paddingTop: 60, paddingHorizontal: 16, backgroundColor: 'white' },
  url: { borderWidth: 1, borderColor: '#999', borderRadius: 6, padding: 8 },
  row: { flexDirection: 'row', flexWrap: 'wrap', gap: 8, marginVertical: 12 },
  button: { backgroundColor: '#cde', borderRadius: 6, paddingHorizontal: 12, paddingVertical: 8 },
  disabled: { opacity: 0.4 },
  state: { fontWeight: 'bold', marginBottom: 8 },
  line: { fontFamily: Platform.OS === 'ios' ? 'Menlo' : 'monospace', fontSize: 12 },
});
