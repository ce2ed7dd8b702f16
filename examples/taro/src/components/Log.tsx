import { ScrollView, Text, View } from '@tarojs/components';

/** What happened, the newest at the end. */
export function Log({ lines }: { lines: readonly string[] }) {
  return (
    <ScrollView className="log" scrollY>
      {lines.map((line, index) => (
        <View key={index}>
          <Text className="line">{line}</Text>
        </View>
      ))}
    </ScrollView>
  );
}
