document.title = "이음";
