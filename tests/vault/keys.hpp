// The RSA key under which the tests of this room sign.
#pragma once
#include <string>

namespace vault_test {

// Made for these tests by `openssl genpkey` and `openssl dgst -sha256 -sign`; protects nothing.
inline const std::string kPrivate =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEugIBADANBgkqhkiG9w0BAQEFAASCBKQwggSgAgEAAoIBAQCWtuk4KxLoqirT\n"
    "7NFhh7WAkSP75RweitB5BWjDp2i3HQkYXfMKYZJmSJWVO5lFMwEj6b62O+HNWIBH\n"
    "yDXcdSESq3xwyW4yjlAL6oXhIOFvDxrqmg/5epasuMOlIa5SHsvFVMfY/xgt+zkv\n"
    "S2ocHpe8lagXrrQzoBL3Owe23TysnNI74/KHhIOvaZnnx0Y9HaR8VbS/6wV9Mc5M\n"
    "J5R1cZGlUkLwOqOfHUT18K/eBfeoaM3C6gjpEiENQYpnZfWgd/o2DwMSrUiSirP2\n"
    "u/uJGHLUEKb8MgE0Q9eUBBaMv296Mpb52sOYjsbwM0Y9lMisevEe8czpUMcqQ5Hp\n"
    "/kXEHGzDAgMBAAECggEAFATNq5FFHLRlpeqh0SOWfzJIJlBDUOc9U6XdSYe2CASK\n"
    "TbtE6g8VxBJGFCFrdV6V+zA0Db6ceosT1vUH+nVwZCt1BwIqafqvNTX8fG/Cod7O\n"
    "w3SdRJT86IpOKmPz5KKEjHx7Yx5XFtx0twx8VqnVm84BGsww0V6kxkQH/Ukbow2p\n"
    "I1rhrnLk8gGHtp57rtwmBG3MkEejtqpJhu3RsOgljjLB+zJ4m7pOzmGkzSo8teI8\n"
    "N2QUbT5nGz5FVumwH3yDg7cQL9IUB/tD/X4ab4Tzj+FOOOLiMV1Xv2ke38zQ3JkY\n"
    "exbny6GlQstsYjZiU0DordhCvktqQm4Xn7MjPvdQsQKBgQDUfac77dL5HS0CDbUC\n"
    "iviqj1t9CVXctuVdu/PCQrzTlnniEVjnabnU5mGyyd7IzhSvZAGDE8eg05DTLUxt\n"
    "X7KT3n+gjGOPH8yvxSfx8oEbiMNa4YeJ6aX7LgyONzHW+gmn9IA5Eer+rEmSaKK4\n"
    "Y3wc/uZc/K1e7BKUc/W2ZYaXWwKBgQC1kxCokBbmgTmDd6pEetUMQnGOnNgm2qYw\n"
    "PaSVgdlIj7Qc0in/UAjus9IQUUM2ftc34PkOP8inDgmDDRMewo+cn4jq+56heobY\n"
    "2lIip8EZN87eHHTpNlao8N3ZxLJOrGQwcvoOOvWC6Ekgn8gzHYXfuCWI2KpUzvzn\n"
    "/8KKTuTkuQJ/CfXZ4PVE7mhvs6jw0y2wek49+550Z+Qq3DnzMyftsf1buT0W7cIG\n"
    "8/PYoIjV6JPAZHhLmdlTgjZok32MF5RkyomjceMix5K2BYc4WB8F7kR648eukshg\n"
    "/2UpMYFk1K7jxPuxBvvQCCALUtGUzw/awYExSyqM9eYa+Np2qhYYOQKBgA0fE5Ua\n"
    "1IzTydQ2UZehSMQaCRrFOtmT826JBdvIBmu39sweY+qPXhXh6MxFExZdFDB1kYn2\n"
    "EgoAea9+wmL2rGolHT/d7xi8QgJpxIW8mbe40Lo8VDaGNrz+qwmRrVECJDtcE7Xz\n"
    "jMpo/t/crBsFhycjp5K8FZMLYjthwC0+hkwBAoGAUOx0DfvkHS1+fhnguB1Xfk5c\n"
    "o4FaFS6hfkExf8amTNLbs5clL4Arw4xHDIJ0bhyz/GvqeXTv6U6OQWL2sbmuk+eS\n"
    "stCh1L8hgNEEeBJE3P0vMDm92M9VtdO3u/vxrl9CWxWDNExrKKGrHLMnlL7dUwTu\n"
    "x+QWHXHD3fv51fSQFZQ=\n"
    "-----END PRIVATE KEY-----\n";

}  // namespace vault_test
