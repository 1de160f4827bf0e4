// A member of an audience goes by the MD5 of the lower-cased address. MD5 is Mailchimp's choice and protects nothing.
#pragma once
#include <string>
#include <string_view>

namespace mailchimp {

// Without white space at its ends.
std::string trimmed(std::string_view text);

// Something@something, without spaces and control characters, at most 254 bytes.
bool is_email(std::string_view address);

// The path segment of a member: MD5 in hex of the trimmed address in lower case (ASCII letters).
std::string subscriber_hash(std::string_view address);

// RFC 1321, in hex.
std::string md5_hex(std::string_view data);

}  // namespace mailchimp
