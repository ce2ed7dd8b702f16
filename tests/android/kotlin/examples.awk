# Makes one Kotlin file of the examples in docs/android.md: each is the body of a function, with what an app has around it.
BEGIN {
    print "import android.os.Handler"
    print "import android.util.Log"
    print "import com.sockettask.*"
    print "import java.nio.ByteBuffer"
    print "const val TAG = \"app\""
    print "interface Tokens { fun fetch(use: (String) -> Unit) }"
    print "interface Screen { fun show(text: String); fun draw(bytes: ByteBuffer) }"
}
/^```kotlin$/ {
    inside = 1
    printf "fun Screen.example%d(handler: Handler, tokens: Tokens, url: String, listener: SocketTaskListener) {\n", ++count
    next
}
/^```$/ { if (inside) print "}"; inside = 0 }
inside
